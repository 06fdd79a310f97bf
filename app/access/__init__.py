"""Who is asking, and what may they do: principals, their keys and the grants that organisations gave them.

It answers questions ("may this principal edit for this organisation?") and never knows what is edited.
"""
