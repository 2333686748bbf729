"""The whole house: made, looked over, copied, put back, its books and its clock.

Read `setup` first.
"""
