{#
    The steps from a column to the words of a name, <field>__clean: as plain_words, without remarks in brackets such as
    "(old)" and without digits. `rules` are applied to the folded text first: [[pattern, replacement], ...], see
    replace_patterns; `where`, a pattern too, says which texts they may change. With `spelled_letters=true` the letters that some
    write as two stay (see fold_text).
#}
{% macro person_word_steps(field_name, column, rules=[], where=none, spelled_letters=false) %}
    {%- set folded = field_name ~ '__folded' -%}
    {%- set steps = [{'folded': dbt_dedup.fold_text(column, spelled_letters)}] -%}
    {%- if rules -%}
        {%- set applies = dbt_dedup.matches_pattern(folded, where) if where else 'true' -%}
        {%- set steps = steps + dbt_dedup._pattern_steps(field_name, 'ordered', folded, applies, rules) -%}
    {%- endif -%}
    {%- set source = field_name ~ ('__ordered' if rules else '__folded') -%}
    {{- return(steps + [
        {'unmarked': dbt_dedup.replace_pattern(source, '[(\\[][^)\\]]*[)\\]]|[0-9]+', ' ')},
        {'clean': dbt_dedup.plain_words(field_name ~ '__unmarked')},
    ]) -}}
{% endmacro %}
