"""The parts of the Dashboard: the answer, the tiles it rests on, what to do now."""
