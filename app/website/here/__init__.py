"""The page of one spot: the sensors that can see it, those that come by, and those that stand near."""
