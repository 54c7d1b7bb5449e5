{#
    Run before int_<entity>__candidate_pairs is built: counts the pairs the rules would propose and stops above max_pairs,
    naming the rule and the block that ask for most.
#}
{% macro check_pair_count(entity_name) %}
    {%- if execute -%}
        {%- set spec = dbt_dedup.entity(entity_name) -%}
        {%- set records = ref('int_' ~ entity_name ~ '__keyed_records') -%}
        {%- set rules = run_query(
            "select rule_id, sum(pairs) as pairs, max(records) as largest, arg_max(first_record_key, records) as example from ("
            ~ dbt_dedup.block_sizes(spec, ref('int_' ~ entity_name ~ '__block_keys')) ~ ") as blocks where records <= "
            ~ spec.max_block_size ~ " group by rule_id order by 2 desc, 1"
        ).rows -%}
        {%- set total = rules | map(attribute=1) | sum -%}
        {%- if total > spec.max_pairs -%}
            {%- set rule = spec.blocking[rules[0][0] | int] -%}
            {%- set columns = rule.parts | map(attribute='column') | join(', ') -%}
            {%- set example = run_query(
                "select " ~ columns ~ " from " ~ records ~ " where record_key = " ~ rules[0][3]
            ).rows[0] -%}
            {{- exceptions.raise_compiler_error(
                "dbt_dedup: entity '" ~ entity_name ~ "': the blocking rules propose " ~ '{:,}'.format(total | int)
                ~ " pairs, more than max_pairs (" ~ '{:,}'.format(spec.max_pairs) ~ "). The rule [" ~ rule.name ~ "] alone proposes "
                ~ '{:,}'.format(rules[0][1] | int) ~ "; its largest block holds " ~ '{:,}'.format(rules[0][2] | int)
                ~ " records, with (" ~ columns ~ ") = (" ~ (example.values() | join(', '))
                ~ "). Add a key to this rule, lower max_block_size, or raise max_pairs."
            ) -}}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
