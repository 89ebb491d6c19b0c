"""What changed over several visits of the same patients, by ranks."""
