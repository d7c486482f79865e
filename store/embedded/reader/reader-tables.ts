const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Tables of the database `system` that a reader may look at: what there is to ask for, and rows out of nothing. */
export const SYSTEM_TABLES: readonly string[] = words(`
  databases tables columns functions formats data_type_families time_zones one numbers numbers_mt zeros zeros_mt
`);

/**
 * All other tables of `system`, for row policies that leave a reader none of their rows: what others ask, paths, keys,
 * other machines, the insides of this process. A table that a newer engine brings along fails a test until it is here.
 */
export const HIDDEN_TABLES: readonly string[] = words(`
  aggregate_function_combinators asynchronous_inserts asynchronous_loader asynchronous_metrics
  asynchronous_metric_log azure_queue_metadata_cache azure_queue_settings background_schedule_pool backups
  backup_log build_options certificates clusters codecs collations completions constraints contributors crash_log
  current_roles dashboards data_skipping_index_types data_skipping_indices database_engines database_replicas
  detached_parts detached_tables dictionaries dictionary_layouts dictionary_sources dimensional_metrics disk_types
  disks distributed_ddl_queue distribution_queue dns_cache documentation dropped_tables dropped_tables_parts
  enabled_roles error_log errors events fail_points filesystem_cache filesystem_cache_settings grants
  graphite_retentions histogram_metrics hypothetical_indexes iceberg_files iceberg_history jemalloc_bins
  jemalloc_profile_text jemalloc_stats kafka_consumers keywords licenses macros masking_policies
  merge_tree_settings merges metric_log metrics models moves mutations named_collections
  part_log part_moves_between_shards parts parts_columns primes privileges processes processors_profile_log
  projection_parts projection_parts_columns projections query_cache query_condition_cache query_log query_thread_log
  query_views_log quota_limits quota_usage quotas quotas_usage remote_data_paths replicas replicated_fetches
  replicated_merge_tree_settings replication_queue resources rocksdb role_grants roles row_policies
  s3_queue_settings s3queue_metadata_cache scheduler schema_inference_cache server_settings session_log settings
  settings_changes settings_profile_elements settings_profiles stack_trace storage_policies symbols table_engines
  table_functions text_log tokenizers trace_log unicode user_defined_functions user_directories user_processes
  users view_refreshes warnings workloads zookeeper zookeeper_connection
`);
