package contract

// message is what a kind of problem says and what to do about it.
type message struct{ what, remedy string }

var messages = map[string]message{
	"empty_file":        {"the file is empty", "write one definition or delete the file"},
	"several_documents": {"the file holds more than one YAML document", "write one definition per file"},
	"not_yaml":          {"the text is not YAML (%s)", "check indentation, quotes and colons there"},
	"not_a_mapping":     {"a mapping is expected here", "write key: value pairs"},
	"unknown_key":       {"key %q is not known here (known: %s)", "correct its spelling or remove it"},
	"key_twice":         {"key %q stands twice", "keep one of them"},
	"missing_key":       {"key %q is missing", "add it"},
	"not_text":          {"a text is expected here", "write a text that is not empty"},
	"not_a_number":      {"a whole number is expected here", "write digits only"},
	"not_a_flag":        {"true or false is expected here", "write true or false"},
	"not_a_list":        {"a list is expected here", "write [a, b] or one item per line with a dash"},

	"type_twice":           {"type %q is defined already in %s", "keep one definition per type and folder"},
	"bad_name":             {"%q is not a name", "use small letters, digits and _, beginning with a letter, at most 60"},
	"reserved_name":        {"type name %q is taken by a table of the warehouse", "choose another name"},
	"bad_version":          {"version is 0", "count versions from 1"},
	"bad_choice":           {"%q is not one of %s", "choose one of them"},
	"no_fields":            {"the type has no fields", "add the fields that the sender sends"},
	"field_twice":          {"field %q stands twice", "rename or remove one"},
	"column_taken":         {"field %q needs a column %q that exists already", "rename the field"},
	"no_values":            {"enum %q has no values", "add values: {code: 名称}"},
	"unknown_codes":        {"there is no code list %q", "name a file of codes/, or add it"},
	"values_twice":         {"enum %q has values and codes", "keep one of them"},
	"codes_file":           {"the list is called %q, but its file is not", "name the file after the list"},
	"bad_code":             {"code %q holds a quote, comma, equals sign or backslash", "use letters, digits, _, - and ."},
	"value_not_expected":   {"%s fits only fields of type %s", "remove it or change the type"},
	"personal_class":       {"field %q of type %s needs personal: %s", "set it, so that the clear value never reaches a table"},
	"unknown_field":        {"there is no field %q", "name a field of this type"},
	"field_kind":           {"field %q is %s, which does not fit here", "name a field of a fitting type, see the data dictionary"},
	"not_required":         {"field %q is not required but stands here", "add required: true to it"},
	"key_empty":            {"the natural key is empty", "name the sender's own numbers that identify a record"},
	"no_compartment":       {"a type with an organ needs a required enum field compartment", "add it with the five compartments"},
	"event_time":           {"event time %q is not a date or an instant", "name a field of type date or instant"},
	"when_value":           {"%q is not a value of %q", "use a code of that enum"},
	"no_attribute":         {"there is no column %q", "name a field, or a physical column such as target_organ_id"},
	"personal_attribute":   {"column %q holds personal data", "leave it out: events carry no personal data"},
	"event_without_docket": {"the type declares events but no docket", "add docket: {organ, kind, number}"},
}
