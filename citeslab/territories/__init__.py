"""Regions, departments, communes, QPV of each edition; is this place in a QPV, on that day?"""
