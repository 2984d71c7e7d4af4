"""What compares a query with all images: by a scan, or by Milvus."""
