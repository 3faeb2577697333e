"""What undeclared names are: one search for the reading of a statement that is least odd.

`unknowns.py` finds the names that nothing declares; `slots.py` lays a syntax tree out as slots, parts before wholes;
`rules.py` says what each kind of node makes of the orders of its parts, and how odd that is by the weights of
`oddities.py`; `tables.py` has the least oddity of each slot at each order, and `search.py` the best reading of all
names and the second best; `doubts.py` refuses what is too odd, or has two readings. Loops only, counted, not timed.
"""

from __future__ import annotations
