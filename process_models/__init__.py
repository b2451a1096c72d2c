"""Lava Processes of lava-opzo and their models; Lava finds a model only in the folder of its Process."""
