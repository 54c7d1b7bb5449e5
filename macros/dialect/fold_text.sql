{#
    Lower case without diacritics, ligatures as usual letters. Diacritics are dropped in the scripts where a word stays the same
    without them: Latin, Greek, Arabic and Hebrew, and the dots of the Cyrillic letter yo. The vowel signs and voicing marks of
    other scripts tell words apart and stay. Arabic letters that keyboards mix up (`ى` and `ي`, `ة` and `ه`) are one. With
    `spelled_letters=true` the letters that some write as two (see spelled_out) stay too. `text` is a column: it is written several
    times.
#}
{% macro fold_text(text, spelled_letters=false) %}
    {{- return(adapter.dispatch('fold_text', 'dbt_dedup')(text, spelled_letters)) -}}
{% endmacro %}

{% macro duckdb__fold_text(text, spelled_letters=false) %}
    {%- set spelled = [
        ('ß', 'ss'), ('ẞ', 'SS'), ('æ', 'ae'), ('Æ', 'AE'), ('œ', 'oe'), ('Œ', 'OE'), ('þ', 'th'), ('Þ', 'Th'),
        ('ĳ', 'ij'), ('Ĳ', 'IJ'), ('ﬁ', 'fi'), ('ﬂ', 'fl')
    ] -%}
    {%- set replacements = [] -%}
    {%- for letter, spelling in spelled -%}{%- do replacements.append("'" ~ letter ~ "', '" ~ spelling ~ "')") -%}{%- endfor -%}
    {#- letters outside all scripts keep the place of those that stay -#}
    {%- set composed = "nfc_normalize(" ~ text ~ ")" -%}
    {%- if spelled_letters -%}
        {%- set composed = "translate(
                    " ~ composed ~ ",
                    'äöüőűåøđÄÖÜŐŰÅØĐ', '\ue000\ue001\ue002\ue001\ue002\ue003\ue004\ue005\ue000\ue001\ue002\ue001\ue002\ue003\ue004\ue005'
                )" -%}
    {%- endif -%}
    {%- set stripped_scripts = '\\p{Latin}\\p{Greek}\\p{Arabic}\\p{Hebrew}\\p{Inherited}' -%}
    {%- set stripped = "array_to_string(list_transform(
            regexp_extract_all(
                " ~ composed ~ ",
                '[" ~ stripped_scripts ~ "]+|[^" ~ stripped_scripts ~ "]+'
            ),
            lambda run: case
                when regexp_matches(run, '^[" ~ stripped_scripts ~ "]') then strip_accents(run)
                else run
            end
        ), '')" -%}
    {%- set letters, spellings = 'ŁłĐđÐðİıЁёØø٫ىیةک', 'LlDdDdIiЕеOo.ييهك' -%}
    {#- digits of Arabic, Persian and Devanagari -#}
    {%- set letters = letters ~ '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९' -%}
    {%- set spellings = spellings ~ '0123456789' * 3 -%}
    {%- if spelled_letters -%}
        {%- set letters, spellings = letters ~ '\ue000\ue001\ue002\ue003\ue004\ue005', spellings ~ 'äöüåøđ' -%}
    {%- endif -%}
    {#- a text with as many bytes as characters is ASCII and has nothing to strip -#}
    {{- return("lower(case
    when strlen(" ~ text ~ ") = length(" ~ text ~ ") then " ~ text ~ "
    else " ~ 'replace(' * (spelled | length) ~ "
        translate(" ~ stripped ~ ", '" ~ letters ~ "', '" ~ spellings ~ "'),
        " ~ replacements | join(', ') ~ "
end)") -}}
{% endmacro %}

{% macro default__fold_text(text) %}
    {{- dbt_dedup.unsupported('fold_text') -}}
{% endmacro %}
