"""What facilities, makers and their association declare: forms of seven kinds."""
