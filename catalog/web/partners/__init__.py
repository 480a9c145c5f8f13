"""Partners with what belongs to them: groups, sites, address spaces and contacts."""
