# The libraries heddle stands on (packages.txt lists their Debian packages).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
pkg_check_modules(FYAML REQUIRED IMPORTED_TARGET libfyaml)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(HDF5 REQUIRED IMPORTED_TARGET hdf5)
pkg_check_modules(HWLOC REQUIRED IMPORTED_TARGET hwloc)
pkg_check_modules(MPFR REQUIRED IMPORTED_TARGET mpfr)
pkg_search_module(HDF5_HL IMPORTED_TARGET hdf5_hl hdf5-hl)
find_path(RANDOM123 Random123/philox.h REQUIRED)

add_library(heddle_packages INTERFACE)
target_link_libraries(heddle_packages INTERFACE PkgConfig::FYAML PkgConfig::XXHASH PkgConfig::HDF5 PkgConfig::HWLOC
  PkgConfig::MPFR ZLIB::ZLIB Threads::Threads ${CMAKE_DL_LIBS} m)
if(HDF5_HL_FOUND)
  target_link_libraries(heddle_packages INTERFACE PkgConfig::HDF5_HL)
endif()
