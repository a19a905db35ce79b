-- The two roles of KSB and its database, for an empty PostgreSQL 18 and run as its superuser; may be run again.
-- `ksb` owns the tables and migrates. `ksb_app`, which the web server and the workers use, reads and writes rows but
-- cannot alter a table, drop a trigger or run a program of the system.
\getenv owner_password KSB_OWNER_PASSWORD
\getenv app_password KSB_APP_PASSWORD

SELECT format('CREATE ROLE %I LOGIN', role) FROM unnest(ARRAY['ksb', 'ksb_app']) AS role
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec
ALTER ROLE ksb PASSWORD :'owner_password';
ALTER ROLE ksb_app PASSWORD :'app_password';

SELECT 'CREATE DATABASE ksb OWNER ksb'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'ksb') \gexec
REVOKE CONNECT ON DATABASE ksb FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE ksb TO ksb_app;

\connect ksb
ALTER SCHEMA public OWNER TO ksb;
GRANT USAGE ON SCHEMA public TO ksb_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ksb IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE, MAINTAIN ON TABLES TO ksb_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ksb IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO ksb_app;
