"""Settings, logging and the policy tables that ship with the product."""
