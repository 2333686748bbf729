"""What survives when everything goes wrong: kills, power cuts, failing disks."""
