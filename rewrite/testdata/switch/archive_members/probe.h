int probe(int port);
