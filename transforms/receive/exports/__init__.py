"""Export locations: local folders, SFTP servers, object storage and zip files."""
