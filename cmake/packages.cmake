# The libraries heddle stands on (packages.txt lists their Debian packages).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
pkg_check_modules(FYAML REQUIRED IMPORTED_TARGET libfyaml)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(HDF5 REQUIRED IMPORTED_TARGET hdf5)
pkg_check_modules(HWLOC REQUIRED IMPORTED_TARGET hwloc)
pkg_check_modules(MPFR REQUIRED IMPORTED_TARGET mpfr)
find_path(RANDOM123 Random123/philox.h REQUIRED)

# All but HDF5, and HDF5's headers.
add_library(heddle_packages_base INTERFACE)
target_include_directories(heddle_packages_base SYSTEM INTERFACE ${HDF5_INCLUDE_DIRS})
target_link_libraries(heddle_packages_base INTERFACE PkgConfig::FYAML PkgConfig::XXHASH PkgConfig::HWLOC PkgConfig::MPFR
  ZLIB::ZLIB Threads::Threads ${CMAKE_DL_LIBS} m)

add_library(heddle_packages INTERFACE)
target_link_libraries(heddle_packages INTERFACE heddle_packages_base PkgConfig::HDF5)

# The command takes HDF5 from its archive where there is one: Debian's shared library brings curl and 30 libraries behind
# it, whose loading is 5 of the 8 ms that a start took.
find_library(HDF5_ARCHIVE NAMES libhdf5.a PATHS ${HDF5_LIBRARY_DIRS} NO_DEFAULT_PATH)
find_library(SZIP NAMES sz)
add_library(heddle_packages_command INTERFACE)
if(HDF5_ARCHIVE AND SZIP)
  target_link_libraries(heddle_packages_command INTERFACE ${HDF5_ARCHIVE} ${SZIP} heddle_packages_base)
  # its symbols stay inside, so that a plug-in (gmsh) may bring an HDF5 of its own
  target_link_options(heddle_packages_command INTERFACE -Wl,--exclude-libs,libhdf5.a)
else()
  target_link_libraries(heddle_packages_command INTERFACE heddle_packages)
endif()
