"""How the house looks at networks and directories; knows no database and no web framework."""
