package bot

// Paced counts the chats of which a limiter remembers something.
func Paced(l *Limiter) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.chats)
}
