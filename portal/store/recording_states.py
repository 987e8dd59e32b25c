"""The states of a recording in the index: live, condemned (nothing touched yet, a hold still rescues), being deleted,
gone."""

LIVE, CONDEMNED, DELETING, GONE = range(4)
