# Opens a Gadget snapshot with yt or pynbody, as their users do: open_gadget.py yt|pynbody FILE
import sys

reader, file = sys.argv[1:]
if reader == "yt":
    import yt

    yt.set_log_level(50)
    ds = yt.load(file)
    ad = ds.all_data()
    x = ad["PartType4", "Coordinates"].to("kpc")
    assert x.shape == (300, 3), x.shape
    assert abs(float(ds.current_time.to("Gyr")) - 0.01) < 1e-6, ds.current_time
    total = float(ad["PartType4", "Masses"].sum().to("Msun"))
else:
    import pynbody

    s = pynbody.load(file)
    assert len(s.star) == 300 and len(s.dm) == 20, (len(s.star), len(s.dm))
    s.physical_units()
    assert abs(float(s.properties["time"].in_units("Gyr")) - 0.01) < 1e-6, s.properties
    total = float(s.star["mass"].sum().in_units("Msol"))
assert abs(total / 3e4 - 1) < 1e-3, total
