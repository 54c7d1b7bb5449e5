{#
    Regular expressions (RE2 syntax, see _any_of) for what people write around the name of a company, over folded text:
      remark       says that a company is closed, blocked or a copy, wherever it stands at the beginning or the end
      marked       says so only where brackets, a dash or stars set it apart: "old" is a word of names too
      bracketed    says nothing about the name only where it is in brackets
      trading      comes between a name and the name that a company trades under or had before
      renamed      does so only behind a comma, a dash or a bracket: "now" is a word of names too
      proprietor   comes before the name of the person who owns the company
      branch       comes before the place of a branch, behind a legal form
      unspaced     legal forms that are written without a space between them and the name
#}
{% macro _company_patterns() %}
    {{- return({
        'remark': dbt_dedup._any_of([
            'in (?:(?:members|creditors) )?(?:voluntary |compulsory )?liquidation', 'in (?:receivership|abwicklung|insolvenz)',
            'in (?:liquidazione|liquidatie|oprichting|konkurs|gr[uü]e?ndung|liq\\b)', 'i[.] ?(?:l|gr|i[.])(?:\\b|$)[.]?', 'en (?:liquidation|liquidacion)',
            'en redressement judiciaire', 'en cours de (?:formation|constitution|liquidation)', 'em (?:liquidacao|recuperacao judicial)',
            '(?:under|i) (?:avvikling|likvidation|konkurs|tvangsopplosning)', 'w (?:likwidacji|upadlosci|organizacji)',
            'v (?:likvidaci|likvidacii|konkurzu)', 'tasfiye halinde', 'в (?:стадии )?ликвидации',
            'do(?: not|n.?t) (?:use|call|contact|mail|email|ship|sell|delete|pay)', 'out of business', '(?:no longer|ceased) trading',
            '(?:bitte )?nicht (?:mehr )?(?:be)?nutzen', '(?:bitte )?nicht (?:mehr )?(?:verwenden|anrufen|beliefern|kontaktieren)',
            'ne (?:plus|pas) (?:utiliser|contacter|appeler)', 'no (?:usar|utilizar|contactar|llamar)', 'nao (?:usar|utilizar)',
            'non (?:usare|utilizzare)', 'niet (?:meer )?gebruiken', 'nie uzywac', 'haftungsbeschrae?nkt',
        ]),
        'marked': dbt_dedup._any_of([
            'closed(?: down)?', 'dissolved', 'defunct', 'inactive', 'not active', 'in?aktiv', 'duplicate', 'dup(?:e|l)?', 'double entry',
            'dublette', 'duplikat', 'doublon', 'duplicad[oa]', 'doppione', 'dubbel', 'old', 'obsolete', 'veraltet', 'merged', 'deleted',
            'geloscht', 'geloescht', 'erloschen', 'aufgelost', 'aufgeloest', 'geschlossen', 'fermee?', 'cerrad[oa]', 'chius[oa]',
            'encerrad[oa]', 'gesloten', 'gesperrt', 'blocked', 'archived', 'archiv', 'bankrupt', 'insolvent', 'insolvenz', 'liquidated',
            'liquidiert', 'liquidation', 'in administration', 'terminated', 'suspended', 'sold', 'verkauft', 'moved', 'umgezogen',
            'accounts? (?:payable|receivable|dept[.]?|department)', '(?:accounting|purchasing|billing|payroll|hr|it) (?:dept[.]?|department)',
            'kreditorenbuchhaltung', 'personalabteilung', 'einkaufsabteilung', 'service (?:comptabilite|achats)',
            'head office', 'headquarters', 'hauptsitz', 'hauptniederlassung', 'siege(?: social)?',
        ]),
        'bracketed': dbt_dedup._any_of([
            'new', 'neu', 'alt', 'test', 'vip', 'customer', 'kunde', 'client', 'prospect', 'supplier', 'lieferant', 'hq', 'main',
            'zentrale', 'branch', 'niederlassung', 'filiale', 'zweigniederlassung', 'succursale', 'sucursal', 'filial', 'persero', 'publ',
        ]),
        'trading': dbt_dedup._any_of([
            't */ *a', 't[.]a[.]', '(?:now )?(?:trading|operating) (?:as|under)(?: the)?(?: name)?(?: of)?', 'd */ *b */ *a', 'd[.]b[.]a[.]?', 'dba',
            'doing business (?:as|under)', 'o */ *a', 'a */ *k */ *a', 'a[.]k[.]a[.]?', 'aka', 'also known as', '(?:f|n) */ *k */ *a', 'f[.]k[.]a[.]?',
            'fka', '(?:now|formerly|previously) (?:known|trading) as', 'formerly', 'previously', 'firmierend (?:als|unter)',
            'handelnd (?:als|unter)', 'auch bekannt als', 'ehemals', 'vormals', 'ehem[.]', 'vorm[.]', 'nom commercial', 'nom d.?enseigne',
            'exploitant sous', 'anciennement', 'nombre comercial', 'nome (?:comercial|fantasia|commerciale)', 'operando como',
            'anteriormente', 'handelend onder(?: de naam)?', 'h[.]o[.]d[.]n[.]?', 'handelsnaam', 'voorheen', 'tidigare', 'tidligere',
            'bifirma', 'dzialajac[ay] (?:jako|pod nazwa)', 'dawniej', 'atf', 'as (?:the )?trustees? (?:for|of)',
        ]),
        'renamed': dbt_dedup._any_of([
            'now', 'today', 'ex[.]?', 'jetzt', 'heute', 'nunmehr', 'fr(?:u|ue)her', 'maintenant', 'ahora', 'antes', 'ora', 'gia', 'agora',
            'nu', 'obecnie',
        ]),
        'proprietor': dbt_dedup._any_of([
            'inh[.:]+', 'inhaber(?:in)?:?', 'prop(?:r|rietor|rietress)?:', 'proprietor', 'owner:', 'titular:', 'titulaire ?:', 'titolare:',
            'eigenaar:', 'wlasciciel:',
        ]),
        'branch': dbt_dedup._any_of([
            'zweigniederlassung', 'zweigstelle', 'niederlassung', 'geschaftsstelle', 'betriebsstatte', 'succursale', 'sucursal', 'sucursale',
            'filiaal', 'filiale', 'filial', 'bijkantoor', 'branch', 'branch office', 'rep(?:resentative|r)? office', 'oddzial',
            'organizacni slozka', 'organizacna zlozka', 'sivuliike', 'fioktelepe?', 'norsk avdeling',
        ]),
        'form': dbt_dedup._any_of([
            'g ?mbh', 'g[.] ?m[.] ?b[.] ?h', 'ag', 'kg', 'kgaa', 'se', 'ltd', 'limited', 'plc', 'llp', 'llc', 'l[.]l[.]c', 'inc', 'incorporated',
            'corp', 'corporation', 'co', 'company', 's ?a', 's[.] ?a', 'sas', 'sarl', 'n ?v', 'n[.] ?v', 'b ?v', 'b[.] ?v', 's ?p ?a',
            's[.] ?p[.] ?a', 's ?r ?l', 's[.] ?r[.] ?l', 's[.] ?l', 'sl', 'ab', 'as', 'a/s', 'aps', 'oyj?', 's[.]?r[.]?o', 'z ?o[.]? ?o', 'lda',
            'haftung', 'responsabilite limitee', 'responsabilidad limitada', 'anonyme', 'anonima', 'odpowiedzialnoscia', 'akcyjna',
        ]),
        'unspaced': dbt_dedup._any_of([
            '株式[会會]社', '[有限合同合資合名]{2}会社', '(?:一般|公益)?[社財]団法人', '(?:股份)?有限(?:责任|責任)?公司', '有限合[伙夥]', '合伙企业',
            '股份公司', '公司', '주식회사', '유한(?:책임)?회사', '[재사]단법인',
        ]),
    }) -}}
{% endmacro %}
