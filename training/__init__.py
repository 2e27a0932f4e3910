"""How the small learned files of the package were made: run once, by hand, from public parallel text.

Each script names its data, its licence and its parameters, and gives the same file again for the same input.
"""
