package redis

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"funnelbot/funnel"
)

// Sessions is a [funnel.Sessions] and a [funnel.SessionCache] in Redis, a hash per session with the fields
// v (version), d (data) and n (which call wrote it). It is safe for concurrent use.
type Sessions struct {
	client goredis.UniversalClient
}

var (
	_ funnel.Sessions     = (*Sessions)(nil)
	_ funnel.SessionCache = (*Sessions)(nil)
)

// NewSessions returns the sessions kept behind the client, which [Dial] makes and the caller closes.
func NewSessions(client goredis.UniversalClient) *Sessions { return &Sessions{client: client} }

// Load implements [funnel.Sessions].
func (s *Sessions) Load(ctx context.Context, key funnel.SessionKey) (funnel.Session, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	fields, err := s.client.HMGet(ctx, name(key), "v", "d").Result()
	if err != nil {
		return funnel.Session{}, failed("load session", key, err)
	}
	version, ok := fields[0].(string)
	data, whole := fields[1].(string)
	if !ok || !whole {
		return funnel.Session{}, funnel.ErrNoSession
	}
	v, err := strconv.ParseInt(version, 10, 64)
	if err != nil {
		return funnel.Session{}, failed("load session", key, err)
	}
	return funnel.Session{Data: []byte(data), Version: v}, nil
}

// save is compare-and-set in one step. A call whose answer was lost is repeated by the client; its
// own name in n tells it from another call that wrote the same, so only one of two savers wins.
// Versions are compared as text: numbers of Lua lose digits beyond 2^53.
var save = goredis.NewScript(`
local have = redis.call('HMGET', KEYS[1], 'v', 'n')
if have[1] == ARGV[2] and have[2] == ARGV[4] then return 1 end
if (have[1] or '0') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'v', ARGV[2], 'd', ARGV[3], 'n', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return 1`)

// Save implements [funnel.Sessions].
func (s *Sessions) Save(ctx context.Context, key funnel.SessionKey, session funnel.Session, ttl time.Duration) (int64, error) {
	if err := session.Check(ttl); err != nil {
		return 0, fmt.Errorf("save session: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	next := session.Version + 1
	saved, err := save.Run(ctx, s.client, []string{name(key)},
		session.Version, next, session.Data, rand.Text(), ttl.Milliseconds()).Int()
	if err != nil {
		return 0, failed("save session", key, err)
	}
	if saved == 0 {
		return 0, funnel.ErrSessionMoved
	}
	return next, nil
}

// put keeps the newer of what is stored and what comes. Decimal texts without leading zeros compare as
// their numbers do once the longer one counts as greater.
var put = goredis.NewScript(`
local have = redis.call('HGET', KEYS[1], 'v')
if have and ARGV[1] ~= '1' and (#have > #ARGV[1] or (#have == #ARGV[1] and have >= ARGV[1])) then return 0 end
redis.call('HSET', KEYS[1], 'v', ARGV[1], 'd', ARGV[2], 'n', '')
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`)

// Put implements [funnel.SessionCache].
func (s *Sessions) Put(ctx context.Context, key funnel.SessionKey, session funnel.Session, ttl time.Duration) error {
	if err := session.Check(ttl); err != nil {
		return fmt.Errorf("put session: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	err := put.Run(ctx, s.client, []string{name(key)}, session.Version, session.Data, ttl.Milliseconds()).Err()
	if err != nil {
		return failed("put session", key, err)
	}
	return nil
}

// Delete implements [funnel.Sessions].
func (s *Sessions) Delete(ctx context.Context, key funnel.SessionKey) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	if err := s.client.Del(ctx, name(key)).Err(); err != nil {
		return failed("delete session", key, err)
	}
	return nil
}

// name is the key in Redis. The braces come first and make all keys of one member lie on one node of a
// Cluster; the place comes last, so nothing in it can make two keys the same.
func name(key funnel.SessionKey) string {
	return "funnelbot:session:{" + key.Workspace.String() + ":" + key.Member.String() + "}:" + key.Place
}

// failed wraps what Redis answered. A server that loads its data, has no master or is full is as good
// as away, so nothing here is told apart but the caller's own end.
func failed(operation string, key funnel.SessionKey, err error) error {
	if errors.Is(err, context.Canceled) {
		err = context.Canceled
	}
	return fmt.Errorf("%s of member %s: %w", operation, key.Member, err)
}
