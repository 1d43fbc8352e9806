"""Opens the study.h5 of tests/unit/test_study_outcome.c as a user would: with xarray and nothing of heddle's."""
import sys

import numpy as np
import xarray as xr

ds = xr.open_dataset(sys.argv[1])
assert ds.sizes == {"member": 24}, ds.sizes
assert {"member", "road.quality", "road.length", "seed"} <= set(ds.coords), ds.coords
assert ds["road.length"].attrs == {"units": "km", "long_name": "length of the road"}, ds["road.length"].attrs
assert ds["road.quality"].dtype.kind == "i"
assert ds["travel_time"].where(ds["state"] == "done").count() == 23
assert ds["travel_time"].attrs["units"] == "s"
keys = ["road.quality", "road.length"]
means = xr.open_dataset(sys.argv[1], group="grid")["travel_time"].mean("repeat")
block = ds.drop_vars("member").isel(member=slice(0, None, 4)).set_index(member=keys).unstack("member")
assert block["delay"].sel({"road.quality": 2, "road.length": 3}) == 10
assert len(np.unique(ds["seed"])) == 4 and len(ds["digest"].values[0]) == 32
grid = xr.open_dataset(sys.argv[1], group="grid")
assert grid["delay"].dims == ("road.quality", "road.length", "repeat")
assert grid["delay"].sel({"road.quality": 2, "road.length": 3}).values.tolist() == [10, 10.5, 11, 11.5]
put = xr.open_dataset(sys.argv[1], group="aggregates")
assert np.allclose(put["travel_time_mean"].values, means.values)
assert put["travel_time_quantile"].dims == ("road.quality", "road.length", "quantile")
expected = grid["travel_time"].quantile([0.05, 0.25, 0.5, 0.75, 0.95], "repeat").transpose(..., "quantile")
assert np.allclose(put["travel_time_quantile"].values, expected.values)
assert np.allclose(put["travel_time_sd"].values, grid["travel_time"].std("repeat", ddof=1).values)
how = xr.open_dataset(sys.argv[1], group="provenance")
assert how["seconds"].dims == ("member",) and how["attempts"].values[6] == 2
assert "repeat: 4" in how.attrs["study"] and how.attrs["members"] == 24 and "solver: traffic" in how.attrs["scenario"]
