"""`make bench`: how long things take, as percentiles and as ratios to something bare in the same run."""
