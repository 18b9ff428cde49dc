-- What is known of a list is known of the address that was configured when it was asked.
ALTER TABLE work ADD COLUMN address TEXT;
