"""Screens of accounts, of the network and its contracts, and of beds."""
