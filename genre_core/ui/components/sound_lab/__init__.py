"""The sound lab: one frame changed, heard and scored beside the untouched one."""
