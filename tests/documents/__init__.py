"""Invented reports written out in every format and in the layouts clerks really use, with what must be read from them."""
