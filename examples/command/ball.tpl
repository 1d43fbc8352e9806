# written for this throw
angle {{angle}}
speed {{speed}}
drag  {{drag}}
