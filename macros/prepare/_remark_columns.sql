{#
    The columns of a field for which its type has something to say: `remark` if it has remarks, `proposed` if a problem or a
    remark proposes a value. Suffix of the column -> SQL over the columns of <field>__tested. `prepared` is what the type says.
#}
{% macro _remark_columns(field, prepared) %}
    {%- set problem = field.name ~ '__problem' -%}
    {%- set columns = {} -%}
    {%- set remarks, proposals = [], [] -%}
    {%- for entry in prepared.problems if entry.get('proposed') -%}
        {%- do proposals.append("when " ~ problem ~ " = '" ~ entry.name ~ "' then " ~ entry.proposed) -%}
    {%- endfor -%}
    {%- if prepared.remarks -%}{%- do remarks.append('when ' ~ problem ~ ' is not null then null') -%}{%- endif -%}
    {%- for entry in prepared.remarks -%}
        {%- do remarks.append('when ' ~ entry.when ~ " then '" ~ entry.name ~ "'") -%}
    {%- endfor -%}
    {%- if prepared.remarks | selectattr('proposed', 'defined') | list -%}
        {%- do proposals.append('when ' ~ problem ~ ' is not null then null') -%}
        {%- for entry in prepared.remarks -%}
            {%- do proposals.append('when ' ~ entry.when ~ ' then ' ~ entry.get('proposed', 'null')) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if remarks -%}{%- do columns.update({'remark': dbt_dedup.case_lines(remarks)}) -%}{%- endif -%}
    {%- if proposals -%}{%- do columns.update({'proposed': dbt_dedup.case_lines(proposals)}) -%}{%- endif -%}
    {{- return(columns) -}}
{% endmacro %}
