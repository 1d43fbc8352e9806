"""Opens the result of tests/unit/test_result.c as a user would: with xarray and nothing of heddle's."""
import sys

import numpy as np
import xarray as xr

ds = xr.open_dataset(sys.argv[1])
assert ds.sizes.items() >= {"snapshot": 13, "class": 2, "cell": 100, "entry": 13}.items(), ds.sizes
assert ds["density"].dims == ("snapshot", "class", "cell")
assert ds["density"].attrs["units"] == "veh/m"
assert ds["density"].attrs["long_name"] == "vehicles per length"
assert list(ds["class"].values) == ["motorcycles", "cars"], ds["class"].values
assert ds["density"].sel({"class": "cars"}).isel(snapshot=12, cell=99) == (12 * 1000 + 199) / 7
assert {"snapshot_time", "x", "entry"} <= set(ds.coords), ds.coords
assert ds["share"].sel(entry=3, method="nearest").shape == (2,)
assert np.isnan(ds["speed"].values[0, 0, 0])
assert list(ds["cell_range"].values) == ["in", "aus\u00e4n"]
offset = ds["crossing_offset"].values
assert ds["crossing_time"].values[offset[3] : offset[4]].tolist() == [1.5, 5.5, 9.5]
assert ds.attrs["solver"] == "mixed" and ds.attrs["title"] == "A mixed bag"
measures = xr.open_dataset(sys.argv[1], group="measures")
assert measures["mass_drift"] == 1e-15 and measures["travel_time@cars"].attrs["units"] == "s"
provenance = xr.open_dataset(sys.argv[1], group="provenance")
assert provenance.attrs["scenario"] == "solver: mixed\n" and len(provenance.attrs["digest"]) == 32
assert provenance["entry_seconds"].dims == ("entry",)
failed = xr.open_dataset(sys.argv[1], group="failed_parts")
assert failed["index"].values.tolist() == [1, 3] and failed["message"].values[0] == "no convergence"
