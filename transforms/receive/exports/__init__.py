"""Where exported files come from: a local folder, SFTP, object storage, a zip file."""
