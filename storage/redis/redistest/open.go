package redistest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

const (
	// claim is the key that marks a database as taken by a test; it ends by itself if the test is killed.
	claim     = "redistest:claim"
	claimTime = 2 * time.Minute
	// databases is how many a server has unless it is told otherwise. The first is left to its owner.
	databases = 16
)

// Open returns the address of an empty database that runs until the test has ended, and a function that
// makes time pass for all keys in it. It lies on the server of TEST_REDIS_URL if that is set, else on one
// started for this test. A test that flushes or stops its server uses [Start].
func Open(tb testing.TB) (address string, pass func(time.Duration)) {
	tb.Helper()
	shared := os.Getenv("TEST_REDIS_URL")
	if shared == "" {
		s := Start(tb)
		return s.URL(), func(d time.Duration) { s.Advance(tb, d) }
	}
	u, err := url.Parse(shared)
	if err != nil {
		tb.Fatal("TEST_REDIS_URL is not the address of a Redis") // err quotes the address with its password
	}
	options, err := goredis.ParseURL(shared)
	if err != nil {
		tb.Fatal("TEST_REDIS_URL is not the address of a Redis")
	}
	client, db, err := take(tb.Context(), *options)
	if err != nil {
		tb.Fatalf("take a database of the server of TEST_REDIS_URL: %v", err)
	}
	tb.Cleanup(func() {
		// The test's context has ended by now.
		_ = client.FlushDB(context.WithoutCancel(tb.Context())).Err() // the claim goes with the rest
		_ = client.Close()
	})
	u.Path = fmt.Sprintf("/%d", db)
	return u.String(), func(d time.Duration) { advance(tb, client, d) }
}

// take claims and empties a database that no other test uses, waiting for one if need be.
func take(ctx context.Context, options goredis.Options) (*goredis.Client, int, error) {
	ctx, cancel := context.WithTimeout(ctx, claimTime)
	defer cancel()
	poll := time.NewTicker(50 * time.Millisecond)
	defer poll.Stop()
	for {
		for db := 1; db < databases; db++ {
			options.DB = db
			client := goredis.NewClient(&options)
			err := client.SetArgs(ctx, claim, os.Getpid(), goredis.SetArgs{Mode: "NX", TTL: claimTime}).Err()
			if err == nil {
				err = empty(ctx, client)
			}
			if err == nil {
				return client, db, nil
			}
			_ = client.Close()
			if !errors.Is(err, goredis.Nil) {
				return nil, 0, err
			}
		}
		select {
		case <-ctx.Done():
			return nil, 0, errors.New("all databases are taken by other tests")
		case <-poll.C:
		}
	}
}

// empty removes what a killed test may have left, but not the claim.
func empty(ctx context.Context, client *goredis.Client) error {
	return client.Eval(ctx, `
for _, key in ipairs(redis.call('KEYS', '*')) do
	if key ~= ARGV[1] then redis.call('DEL', key) end
end
return 1`, nil, claim).Err()
}

// advance is one script, so that no test sees time half passed.
func advance(tb testing.TB, client *goredis.Client, d time.Duration) {
	tb.Helper()
	err := client.Eval(tb.Context(), `
for _, key in ipairs(redis.call('KEYS', '*')) do
	local left = redis.call('PTTL', key)
	if left >= 0 and key ~= ARGV[2] then redis.call('PEXPIRE', key, left - ARGV[1]) end
end
return 1`, nil, d.Milliseconds(), claim).Err()
	if err != nil {
		tb.Fatalf("make time pass in redis: %v", err)
	}
}
