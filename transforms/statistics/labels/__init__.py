"""What a file prints beside its codes, compared with what npa's lists mean by them."""
