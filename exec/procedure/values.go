package procedure

import (
	"fmt"

	"go.yaml.in/yaml/v4"
)

// ReadValues reads a YAML file of values, a value a line; without a name there are none.
func ReadValues(name string) (map[string]string, error) {
	if name == "" {
		return nil, nil
	}
	source, err := ReadSource(name)
	if err != nil {
		return nil, err
	}
	values := map[string]string{}
	if err := yaml.Load(source, &values); err != nil {
		return nil, fmt.Errorf("%s: %w; write a value a line, NAME: value", name, err)
	}
	return values, nil
}
