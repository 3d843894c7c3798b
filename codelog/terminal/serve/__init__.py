"""The scribe terminal in a browser: who is let in, the page, and a terminal of its own for every tab.

The page's script, which draws a terminal in a browser, is textual-serve's; everything else is ours (decision 12).
"""
