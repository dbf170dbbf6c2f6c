package redis

import (
	"errors"
	"net/url"
	"time"

	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

const (
	// stepTimeout bounds connecting, one write, one read, and the wait for a free connection.
	stepTimeout = 300 * time.Millisecond
	// callTimeout bounds one call with all of its steps and its retry.
	callTimeout = 500 * time.Millisecond
	// retries is how often a broken connection is replaced within the same call: a server that
	// restarted leaves dead connections in the pool, and one new connection mends that.
	retries = 1
)

// errURL never holds the address it complains of: an address may hold a password.
var errURL = errors.New("redis url: want redis://[user:password@]host[:port][/db], rediss:// or unix://; " +
	"add ?addr=host:port for every further node of a cluster, or ?master_name=NAME behind Sentinel")

// Dial returns a client for the address; it connects when it is first used. The form of the address is that of
// go-redis: redis://user:password@host:6379/0, rediss:// with TLS, unix:///path for a socket. One or
// more addr parameters make it a Cluster, master_name makes the hosts Sentinels. Errors never
// contain the address.
func Dial(address string) (goredis.UniversalClient, error) {
	options, err := parse(address)
	if err != nil {
		return nil, err
	}
	options.DialTimeout = stepTimeout
	options.ReadTimeout = stepTimeout
	options.WriteTimeout = stepTimeout
	options.PoolTimeout = stepTimeout
	options.ContextTimeoutEnabled = true
	options.MaxRetries = retries
	options.MinRetryBackoff = 8 * time.Millisecond
	options.MaxRetryBackoff = 32 * time.Millisecond
	options.DialerRetries = 1
	// Both speak to the server before the first command and lengthen timeouts; neither is needed here.
	options.DisableIdentity = true
	options.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return goredis.NewUniversalClient(options), nil
}

func parse(address string) (*goredis.UniversalOptions, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errURL // err quotes the address
	}
	switch query := u.Query(); {
	case query.Has("master_name"):
		o, err := goredis.ParseFailoverURL(address)
		if err != nil {
			return nil, errURL
		}
		return &goredis.UniversalOptions{
			Addrs: o.SentinelAddrs, MasterName: o.MasterName, DB: o.DB,
			Username: o.Username, Password: o.Password,
			SentinelUsername: o.SentinelUsername, SentinelPassword: o.SentinelPassword,
			TLSConfig: o.TLSConfig, PoolSize: o.PoolSize,
		}, nil
	case query.Has("addr"):
		o, err := goredis.ParseClusterURL(address)
		if err != nil {
			return nil, errURL
		}
		return &goredis.UniversalOptions{
			Addrs: o.Addrs, IsClusterMode: true, Username: o.Username, Password: o.Password,
			TLSConfig: o.TLSConfig, PoolSize: o.PoolSize,
		}, nil
	}
	o, err := goredis.ParseURL(address)
	if err != nil {
		return nil, errURL
	}
	return &goredis.UniversalOptions{
		Addrs: []string{o.Addr}, DB: o.DB, Username: o.Username, Password: o.Password,
		TLSConfig: o.TLSConfig, PoolSize: o.PoolSize,
	}, nil
}
