"""The page "Train": its controls, the runs of each visitor, and what is drawn while a run goes on."""
