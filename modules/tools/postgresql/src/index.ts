export { Postgresql, type PostgresqlProps } from './postgresql';
