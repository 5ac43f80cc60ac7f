package config

func (x *index) texts(p *Patch, s *sibling, name string) {}
