"""How a checkpoint is opened: a dialog, and how much memory that will take."""
