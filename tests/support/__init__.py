"""What the suite needs beside its tests."""
