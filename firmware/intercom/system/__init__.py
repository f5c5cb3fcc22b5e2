"""The machine around the station: its log, its line to the exchange's page."""
