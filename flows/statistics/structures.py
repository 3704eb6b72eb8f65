def read_structure(path):
    return {}
