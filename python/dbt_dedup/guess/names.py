"""What the name of a column says, in the languages in which people name columns."""

from __future__ import annotations

import re
import unicodedata

# Meaning of a column by words of its name. The words of an entry are alternatives; several words joined by `_` must
# follow each other. The first meaning with a match counts, so the specific ones come first.
MEANINGS: dict[str, str] = {
    "answer": "cluster cluster_id entity_id true_id true_cluster ground_truth duplicate_of dup_id match_id is_match"
    " unique_entity_id master_id golden_id gold_id label",
    "updated_at": "updated updated_at update_date update_time last_update last_updated modified modified_at last_modified"
    " modification_date changed changed_at last_change last_changed date_modified date_updated lastmod geaendert"
    " geaendert_am aenderungsdatum modifie date_modification date_maj actualizado fecha_actualizacion modificado_em"
    " atualizado_em aggiornato valid_from snapshot_date as_of",
    "created_at": "created created_at create_date creation_date date_created inserted inserted_at loaded loaded_at"
    " ingested_at signup signup_date registered_at first_seen last_seen last_login angelegt erstellt erstellt_am"
    " date_creation fecha_alta criado_em creato",
    "source": "source source_system source_name source_file src system system_name data_source origin provenance feed"
    " database dataset quelle quellsystem herkunft fuente origen origem fonte",
    "latitude": "latitude lat breitengrad latitud",
    "longitude": "longitude lon lng long laengengrad longitud",
    "geo": "geo location_point coordinates coords geolocation geopoint lat_lon latlon lat_long koordinaten",
    "email": "email e_mail mail emails email_address mailadresse correo courriel",
    "url": "url website web_site web homepage site_web webseite sitio_web domain uri link internet",
    "birth_date": "birth_date birthdate birthday date_of_birth dob born birth_dt bday geburtsdatum geburtstag geb_datum"
    " geb date_naissance date_de_naissance naissance fecha_nacimiento fecha_de_nacimiento nacimiento data_nascimento"
    " data_de_nascimento nascimento data_nascita data_di_nascita nascita geboortedatum fodselsdato",
    "other_date": "founded founding_date founded_on incorporated incorporation_date date_incorporated release_date"
    " released publication_date published_on pub_date gruendungsdatum death_date date_of_death dod",
    "phone": "phone telephone tel telefon telefono telefone phone_number phone_no phone1 phone2 phones tel_no telno mobile"
    " mobile_phone mobil mobilnummer cell cellphone cell_phone handy fax fax_number telefax telefonnummer rufnummer"
    " portable movil celular cellulare fone phonenumber msisdn landline",
    "postcode": "postcode post_code postal_code postalcode zip zip_code zipcode zip5 plz postleitzahl code_postal cp"
    " codigo_postal cep cap postnummer postal pin_code pincode eircode",
    "house_number": "house_number house_no street_number street_no building_number hausnummer hausnr hnr numero_civico"
    " civico huisnummer numero_rue",
    "address_rest": "address_2 address2 address_line_2 address_line2 addr2 addr_line2 addr_line_2 line2 street2 street_2"
    " adresszusatz complement complemento address_3 address3 address_line_3 apartment suite unit locality",
    "address": "address addr street address_1 address1 address_line_1 address_line1 addr1 addr_line1 addr_line_1 street1"
    " street_1 street_address streetaddress street_name address_street strasse anschrift adresse rue calle direccion"
    " endereco rua logradouro indirizzo via adres straat mailing_address road addr_full full_address",
    "city": "city town suburb ort stadt wohnort ville ciudad localidad municipio municipality cidade citta comune stad"
    " plaats village place birth_place birthplace geburtsort place_of_birth",
    "country": "country country_code country_name land laendercode pays pais paese nation nationality",
    "region": "state state_code province region county district bundesland canton kanton departement estado provincia"
    " prefecture neighborhood neighbourhood",
    "gender": "gender sex geschlecht sexe sexo sesso genero",
    "salutation": "salutation anrede civilite prefix mr_mrs honorific name_prefix",
    "middle_name": "middle middle_name middlename mname second_name middle_initial zweitname",
    "given_name": "first_name firstname fname first given_name givenname given forename christian_name vorname rufname"
    " prenom nombre nombres primer_nombre nome_proprio primeiro_nome voornaam fornamn first_nm",
    "family_name": "last_name lastname lname last surname family_name familyname family sname nachname familienname"
    " zuname nom nom_de_famille apellido apellidos sobrenome cognome achternaam efternamn last_nm",
    "full_name": "full_name fullname person person_name customer_name client_name contact contact_name contact_person"
    " patient_name employee_name name_full display_name ansprechpartner vollstaendiger_name nom_complet nombre_completo"
    " nome_completo director owner manager representative executive_director",
    "company": "company company_name companyname organisation organization organisation_name organization_name org_name"
    " org firm firm_name business business_name legal_name trading_name trade_name employer account_name vendor_name"
    " supplier_name supplier vendor merchant merchant_name firma firmenname unternehmen raison_sociale societe empresa"
    " razon_social razao_social azienda ragione_sociale bedrijf bedrijfsnaam institution agency site_name shop store"
    " store_name restaurant hotel hospital school facility facility_name provider provider_name affiliation",
    "identifier": "ssn social_security soc_sec_id soc_sec social_security_number national_id nin nhs_number passport"
    " passport_number driver_license drivers_license drivers_license_number license_number licence_number tax_id taxid"
    " tax_number tin vat vat_id vat_number ein npi duns duns_number registration_number reg_no company_number lei siren"
    " siret handelsregister steuernummer ust_id nif cif cpf cnpj partita_iva codice_fiscale iban account_number"
    " isbn issn ean upc gtin doi sku asin mpn model_number modelno model_no part_number part_no serial_number vin imei"
    " orcid pmid",
    "remark": "note notes comment comments remark remarks memo bemerkung bemerkungen notiz kommentar commentaire"
    " observaciones observacoes",
    "amount": "price amount cost revenue turnover employees headcount year age weight height size population salary"
    " income quantity preis umsatz mitarbeiter jahr alter prix annee precio ano prezzo anno rating score pages duration",
    "category": "category type class kind genre industry sector segment branch status department occupation profession"
    " job_title beruf branche kategorie cuisine res_type language currency marital_status title_type",
    "brand": "brand manufacturer maker publisher label_name marke hersteller marque marca",
    "text": "title description product product_name item item_name product_title summary abstract headline subject"
    " beschreibung titel titre titulo titolo authors author artist artists tracks track song album book venue journal"
    " keywords content",
    "name": "name nm names bezeichnung denomination",
    "record_id": "id record_id rec_id row_id uid uuid guid key pk no nr number identifier unique_id customer_id client_id"
    " person_id patient_id company_id account_id product_id user_id member_id contact_id kundennummer kunden_nr",
}

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def words_of(name: str) -> list[str]:
    """The words of a column's name in lower case without diacritics: `Geb.-Datum` and `gebDatum` are geb, datum."""
    plain = unicodedata.normalize("NFKD", name.translate(_SPELLED))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return [word.lower() for word in _WORD.findall(plain)]


def meanings_of(name: str) -> list[str]:
    """What a column's name may mean, keys of MEANINGS, most likely first.

    The whole name counts most, then the longest words at its end (`customer_phone`), then those at its start or inside
    (`phone_home`). `number` and the like say little at the end of a name (`ssn_number`).
    """
    words = words_of(name)
    whole = "_".join(words)
    joined = "".join(words)
    found: list[tuple[int, int, int, str]] = []
    for place, (meaning, alternatives) in enumerate(MEANINGS.items()):
        for alternative in alternatives.split():
            parts = alternative.split("_")
            if whole == alternative or joined == "".join(parts):
                found.append((0, -len(parts), place, meaning))
            elif words[-len(parts) :] == parts:
                found.append((3 if meaning == "record_id" else 1, -len(parts), place, meaning))
            elif meaning != "record_id" and any(
                words[start : start + len(parts)] == parts for start in range(len(words) - len(parts))
            ):
                found.append((2, -len(parts), place, meaning))
    return list(dict.fromkeys(meaning for *_, meaning in sorted(found)))


def field_name(name: str, taken: set[str]) -> str:
    """A name of a field for a column: lower-case words joined by underscores, unlike those that are taken."""
    base = "_".join(words_of(name)) or "field"
    if not base[0].isalpha():
        base = f"field_{base}"
    base = base[:50].rstrip("_")
    for number in range(1, len(taken) + 3):
        candidate = base if number == 1 else f"{base}_{number}"
        if candidate not in taken:
            return candidate
    raise AssertionError("more names than numbers")  # pragma: no cover
