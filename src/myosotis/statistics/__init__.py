"""Small-sample statistics: arrays or counts in, frozen records of plain floats out."""
